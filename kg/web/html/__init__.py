"""How pages are rendered: templates, values as people read them, style sheets and scripts."""
