"""What a Pulumi program sees: typed resource classes, and the dynamic provider that answers the engine. Thin: all that
decides anything is in `lifecycle`."""
