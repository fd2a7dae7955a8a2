#!/bin/sh
# A checkout and a refund by signed webhook, and what became of them, with curl and openssl alone:
#   TOKEN=$(npm run --silent token -- mp-blanja) sh samples/curl.sh [ORDER]
# Environment: PASINDO_URL, CHANNEL, WEBHOOK_SECRET_FILE, SKU; TOKEN asks for outcomes.
set -eu
url=${PASINDO_URL:-http://127.0.0.1:3002}
channel=${CHANNEL:-blanja}
secret=$(head -n 1 "${WEBHOOK_SECRET_FILE:-.pasindo/webhooks/$channel}")
order=${1:-CURL-$(date +%s)}
now=$(date -u +%Y-%m-%dT00:00:00Z) # the same all day, so that the same order again is the same

# The signature is of the bytes that are sent: sign what you send, not what you meant.
send() {
  seconds=$(date +%s)
  digest=$(printf '%s.%s' "$seconds" "$1" | openssl dgst -sha256 -hmac "$secret" | sed 's/^.* //')
  printf '%s' "$1" | curl --silent --show-error --fail-with-body "$url/v1/webhooks/$channel" \
    --header 'content-type: application/cloudevents+json' \
    --header "pasindo-signature: t=$seconds,v1=$digest" --data-binary @-
  echo
}

event() { # ID TYPE DATA
  printf '{"specversion":"1.0","id":"%s","source":"/%s","type":"marketplace.%s.v1","data":%s}' "$1" "$channel" "$2" "$3"
}

send "$(event "$order-checkout" checkout-completed "{\"channel\":\"$channel\",\"orderRef\":\"$order\",\"placedAt\":\"$now\",
  \"lines\":[{\"lineRef\":\"1\",\"sku\":\"${SKU:-MJK-TAS-KULIT}\",\"quantity\":2,\"unitPrice\":150000}],\"fees\":15000}")"
send "$(event "$order-refund" checkout-refunded "{\"channel\":\"$channel\",\"orderRef\":\"$order\",\"lineRef\":\"1\",
  \"refundRef\":\"R-1\",\"quantity\":1,\"requestedAt\":\"$now\"}")"

# From the beginning each time; a program keeps `after` of each answer and asks on from there.
tries=0
while :; do
  told=$(curl --silent --show-error --fail-with-body "$url/v1/outcomes?channel=$channel&limit=1000&after=${AFTER:-0}" \
    --header "authorization: Bearer $TOKEN") || { echo "$told" >&2; exit 1; }
  echo "$told" | grep -o "{\"orderId\":\"$channel/$order\",[^}]*\"status\":\"partly-refunded\"[^}]*}" && break
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { echo "nothing became of $channel/$order" >&2; exit 1; }
  sleep 0.5
done
