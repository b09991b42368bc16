"""Rules into skills: compose the files, verify the quotes, keep versions and states in a library (`hardwon.skills.library`)."""
