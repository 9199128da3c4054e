# The statistics jobs of the benchmark as R users do them.  Usage: Rscript fit.R JOB ASSESSMENTS.csv
# Prints the median wall time in seconds of REPS runs, in process, after the packages are loaded.
args <- commandArgs(TRUE)
job <- args[1]
d <- read.csv(args[2])
d <- d[!is.na(d$nrs), c("patient_id", "month", "nrs")]
d$id <- as.integer(factor(d$patient_id)); d$t <- d$month
quiet <- function (e) suppressMessages(suppressWarnings(invisible(capture.output(e))))
median_time <- function (f, reps) cat(sprintf("%.6f\n", median(replicate(reps, { gc(FALSE); system.time(f())[["elapsed"]] }))))
if (job == "bca10000") {
  library(boot)
  w <- reshape(d[, c("id", "month", "nrs")], idvar = "id", timevar = "month", direction = "wide")
  w <- w[!is.na(w$nrs.0) & !is.na(w$nrs.12), ]
  x <- cbind(w$nrs.0, w$nrs.12); x <- x[rep_len(seq_len(nrow(x)), 93), ]
  set.seed(1)
  median_time(function () { b <- boot(x, function (z, i) mean(z[i, 2] - z[i, 1]) / sd(z[i, 2] - z[i, 1]), R = 10000); quiet(boot.ci(b, type = "bca")) }, 5)
} else if (job == "lmm_slope") {
  suppressMessages(library(lme4))
  median_time(function () quiet(lmer(nrs ~ t + (1 + t | id), d)), 7)
} else if (job == "mmrm13") {
  suppressMessages(library(nlme))
  d$v <- factor(d$month); d$vi <- as.integer(d$v)
  median_time(function () quiet(try(gls(nrs ~ v, d, correlation = corSymm(form = ~vi | id), weights = varIdent(form = ~1 | v),
    control = glsControl(opt = "optim", msMaxIter = 500, returnObject = TRUE)))), 1)
} else stop("unknown job ", job)
