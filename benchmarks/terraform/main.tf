terraform {
  required_providers {
    bench = { source = "example.com/bench/bench" }
  }
}

variable "agents" { type = number }
variable "revision" { type = number }

locals {
  line = "Be brief and friendly, answer in the language of the question, and promise no price."
}

resource "bench_agent" "agent" {
  count            = var.agents
  organization_id  = "1763070568417x631086913669115287"
  user_id          = "1763070568417x100000000000000001"
  agent_name       = "Agent ${count.index}"
  starting_message = "Hi {{first_name}}, still interested in {{company}}? Reply STOP to opt out."
  prompt           = "Revision ${var.revision} of agent ${count.index}.\n${join("\n", [for i in range(8) : local.line])}"
}
