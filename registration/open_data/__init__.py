"""The numbers of a workshop that is over, as anybody may have them: counted, small cells hidden, written as files, published."""
