#!/bin/sh
# Fills a team's roster through the API: weekly turns, a shadow one step behind, and
# a note on each hand-over. Usage: fill.sh [weeks [first-monday [team [base-url]]]]
set -eu

weeks=${1:-12}
first=${2:-2026-11-23}
team=${3:-daily-roster}
base=${4:-http://127.0.0.1:8080}
people="Ana Ruiz|Bo Chen|Chidi Okafor|Dana Šimůnek|Eun-ji Lee|Farid Haddad"

name() { # the n-th person in turn
  echo "$people" | cut -d '|' -f $(($1 % 6 + 1))
}

day=0
while [ "$day" -lt $((weeks * 7)) ]; do
  date=$(date -u -d "$first + $day days" +%F)
  week=$((day / 7))
  note=
  [ $((day % 7)) -ne 0 ] || note="hand-over call at 09:00"
  curl --silent --show-error --fail --output /dev/null \
    --request PUT "$base/api/v1/teams/$team/days/$date" \
    --header "Idempotency-Key: fill-$date-$week" \
    --data "{\"assignments\":{\"primary\":\"$(name "$week")\",\"secondary\":\"$(name $((week + 1)))\"},\"note\":\"$note\",\"why\":\"fill.sh\"}"
  day=$((day + 1))
done
echo "filled $day days of $team from $first on"
