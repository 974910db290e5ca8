# From statements to a table and a regression, in base R (4.2 or later).
# Type, in a clone of the repository: Rscript docs/r-and-stata.R

stancekit <- function(...) {
  quotes <- if (.Platform$OS.type == "windows") "cmd" else "sh"
  status <- system2("stancekit", shQuote(c(...), type = quotes))
  if (status != 0) stop("stancekit: see its message above")
}

stancekit("predict", "fixtures/demo/statements.csv", "-o", "labelled.csv", "--model", "ngram", "--overwrite")

read_table <- function(path) read.csv(path, encoding = "UTF-8", na.strings = "")

stances <- c("endorsement", "concern", "neutrality")
labelled <- read_table("labelled.csv")
labelled$stance <- factor(labelled$stance, levels = c(stances, "abstain"))
print(table(labelled$genre, labelled$stance))

stancekit("sample", "labelled.csv", "-n", "16", "-o", "sample.csv", "--overwrite")

# in place of the coders: the most probable label
sheet <- read_table("sample.csv")
probabilities <- labelled[sheet$sampled_row, paste0("stance_", stances)]
sheet$label <- stances[max.col(probabilities, ties.method = "first")]
write.csv(sheet, "sample.csv", row.names = FALSE, na = "")

stancekit("prevalence", "labelled.csv", "--labelled", "sample.csv", "--by", "genre", "-o", "shares.csv", "--overwrite")
shares <- read_table("shares.csv")
print(subset(shares, is.na(group), c("label", "share", "low", "high", "predicted")), digits = 2, row.names = FALSE)

stancekit("prevalence", "labelled.csv", "--labelled", "sample.csv", "--export-dsl", "dsl.csv", "--overwrite")
d <- read.csv("dsl.csv", encoding = "UTF-8")
error <- ifelse(is.na(d$label_concern), 0, d$label_concern - d$predicted_concern)
d$concern <- d$predicted_concern + error / d$sampling_probability
d$recent <- d$date >= "2000"

fit <- lm(concern ~ recent, data = d)
x <- model.matrix(fit)
bread <- solve(crossprod(x))
se <- sqrt(diag(bread %*% crossprod(x * residuals(fit)) %*% bread))
print(cbind(estimate = coef(fit), low = coef(fit) - 1.96 * se, high = coef(fit) + 1.96 * se))

stancekit("export", "labelled.csv", "-o", "labelled.dta", "--overwrite")

if (requireNamespace("haven", quietly = TRUE)) {
  data_set <- haven::read_dta("labelled.dta")
  stance <- haven::as_factor(data_set$stance)
  stopifnot(as.character(stance) == as.character(labelled$stance))
  print(table(stance))
}
