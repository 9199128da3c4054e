# Rscript classes.R SCORES.csv: CPU seconds of flexmix for K = 1 … 5 quadratic classes, 20 starts each.
suppressMessages(library(flexmix))
a <- read.csv(commandArgs(TRUE)[1])
d <- a[!is.na(a$nrs) & a$month == round(a$month), ]
d$id <- d[[1]]
d$u <- (d$month - 6) / 6
set.seed(1)
seconds <- system.time(
  for (k in 1:5)
    invisible(stepFlexmix(nrs ~ u + I(u^2) | id, data = d, k = k, nrep = if (k > 1) 20 else 1,
                          verbose = FALSE, drop = FALSE, model = FLXMRglmfix(varFix = TRUE),
                          control = list(iter.max = 1000, tolerance = 1e-8, minprior = 0)))
)
cat(sum(seconds[c("user.self", "sys.self")]), "\n")
