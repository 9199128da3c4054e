# bash completion for ketamine-viewer
_ketamine_viewer ()
{
  local cur prev words cword
  _init_completion || return
  local commands="import info analyze chart report list share"
  local selection="--measure --from --to --by --groups --where --missing --level --seed --format --help"
  case $prev in
    --missing) COMPREPLY=($(compgen -W "available completers locf bocf worst" -- "$cur")); return ;;
    --outcome) COMPREPLY=($(compgen -W "change followup ancova percent" -- "$cur")); return ;;
    --structure) COMPREPLY=($(compgen -W "unstructured toeplitz ar1 cs slope intercept" -- "$cur")); return ;;
    --count) COMPREPLY=($(compgen -W "patients events" -- "$cur")); return ;;
    --grade) COMPREPLY=($(compgen -W "any moderate severe" -- "$cur")); return ;;
    --related) COMPREPLY=($(compgen -W "any possible yes" -- "$cur")); return ;;
    --interval) COMPREPLY=($(compgen -W "wilson exact" -- "$cur")); return ;;
    --effect) COMPREPLY=($(compgen -W "md smd rr or rd change" -- "$cur")); return ;;
    --method) COMPREPLY=($(compgen -W "iv mh peto" -- "$cur")); return ;;
    --ties) COMPREPLY=($(compgen -W "efron breslow" -- "$cur")); return ;;
    --shape) COMPREPLY=($(compgen -W "polynomial spline piecewise" -- "$cur")); return ;;
    --distribution) COMPREPLY=($(compgen -W "censored normal" -- "$cur")); return ;;
    --steps) COMPREPLY=($(compgen -W "three one" -- "$cur")); return ;;
    --decimal-mark) COMPREPLY=($(compgen -W "point comma" -- "$cur")); return ;;
    --tau2) COMPREPLY=($(compgen -W "none dl reml pm" -- "$cur")); return ;;
    --ci) COMPREPLY=($(compgen -W "wald hksj hksj-adhoc" -- "$cur")); return ;;
    --adjust) COMPREPLY=($(compgen -W "holm hochberg bh bonferroni none" -- "$cur")); return ;;
    --format) COMPREPLY=($(compgen -W "text json csv" -- "$cur")); return ;;
    --show) COMPREPLY=($(compgen -W "value change percent" -- "$cur")); return ;;
    --summary) COMPREPLY=($(compgen -W "mean median class none" -- "$cur")); return ;;
    --band) COMPREPLY=($(compgen -W "sd se ci none" -- "$cur")); return ;;
    --individuals) COMPREPLY=($(compgen -W "all none" -- "$cur")); return ;;
    --theme) COMPREPLY=($(compgen -W "print grey light dark" -- "$cur")); return ;;
    --dates) COMPREPLY=($(compgen -W "shift drop" -- "$cur")); return ;;
    --decimal) COMPREPLY=($(compgen -W "point comma" -- "$cur")); return ;;
    --time-unit) COMPREPLY=($(compgen -W "minute hour day week month year" -- "$cur")); return ;;
    --date-order) COMPREPLY=($(compgen -W "ymd dmy mdy" -- "$cur")); return ;;
  esac
  if [ "$cword" -eq 1 ]; then
    COMPREPLY=($(compgen -W "$commands" -- "$cur"))
    _filedir cohort
    return
  fi
  case ${words[1]} in
    list) COMPREPLY=($(compgen -W "analyses charts --format --help" -- "$cur")); return ;;
    info) COMPREPLY=($(compgen -W "--format --help" -- "$cur")); _filedir cohort; return ;;
    analyze | chart)
      if [ "$cword" -eq 2 ] && [[ $cur != -* ]]; then
        local what=charts
        [ "${words[1]}" = analyze ] && what=analyses
        COMPREPLY=($(compgen -W "$("${words[0]}" list $what --format csv 2>/dev/null | sed '1d;s/,.*//')" -- "$cur"))
        return
      fi ;;
  esac
  if [[ $cur == -* ]]; then
    case ${words[1]} in
      import) COMPREPLY=($(compgen -W "--into --mapping --dry-run --accept-problems --as --patient --visit --time --date --time-unit --measure --wide --attribute --harm-flag --arm --included --exclusion-reason --stop-time --stop-reason --missing-code --decimal --delimiter --encoding --date-order --format --help" -- "$cur")) ;;
      share) COMPREPLY=($(compgen -W "--output --dates --seed --format --help" -- "$cur")) ;;
      chart) COMPREPLY=($(compgen -W "$selection --output --recipe --show --summary --band --individuals --definition --colour-by --classes --degree --distribution --seen-only --standardised --patient --threshold --relief --turnbull --width-mm --height-mm --dpi --font-pt --theme --lang --decimal-mark --count --grade --related --interval" -- "$cur")) ;;
      analyze) COMPREPLY=($(compgen -W "$selection --definition --covariate --structure --outcome --test --adjust --standardised --no-model --relief --stratum --ties --resamples --classes --degree --shape --knots --distribution --random-intercept --sigma-by-class --starts --every-degree --blrt --steps --patient --save --apply --saved --model --grolts --count --grade --related --interval" -- "$cur")) ;;
      report) COMPREPLY=($(compgen -W "$selection --output --lang --decimal-mark --title --definition --relief --no-model --classes" -- "$cur")) ;;
      *) COMPREPLY=($(compgen -W "$selection" -- "$cur")) ;;
    esac
    case ${words[1]} in # published studies
      chart | analyze) COMPREPLY+=($(compgen -W "--effect --method --tau2 --ci --moderator --no-own" -- "$cur")) ;;
    esac
  else
    _filedir
  fi
}
complete -F _ketamine_viewer ketamine-viewer
