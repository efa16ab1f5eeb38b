"""The pages, in a browser and over HTTP."""
