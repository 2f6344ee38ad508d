"""The paper's figures: what each is, measured and drawn."""
