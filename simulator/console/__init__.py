"""The drill console: several teams look at the evidence in their browsers, a facilitator runs the exercise."""
