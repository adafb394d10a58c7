"""The loop between the pure part and the world: prepare → decide → commit → publish."""
