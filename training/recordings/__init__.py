"""From folders of recordings to clips with a label, a source, a speaker and a split."""
