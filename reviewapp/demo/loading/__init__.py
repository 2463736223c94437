"""The loader of the demo reviews, through the services and jobs that pages use."""
