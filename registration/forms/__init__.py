"""Parts of forms that more than one house shows: fields, inputs, and the same questions in the same words."""
