"""Code for the place where the cursor is: by models that were trained to fill gaps."""
