"""Jobs, whoever does them: what a queue promises (`base`), how kinds of jobs are done (`handlers`), one queue in this
process (`inprocess`) and one that does each job where it is asked for (`eager`)."""
