"""The console command `rgms`: one door to everything a person does with this project."""
