"""What the gateway answers itself, through Flask: health, metrics, the API portal and the web client."""
