#!/bin/sh
# A checkout over Kafka in binary mode, and what became of it, with kcat; its librdkafka is 2.6.1 or newer, for Kafka 4 (docs/MARKETPLACES.md):
#   sh samples/kcat.sh [ORDER]
# Environment: KAFKA_BROKERS, KAFKA_USERNAME, KAFKA_PASSWORD_FILE, CHANNEL, SKU.
set -eu
channel=${CHANNEL:-blanja}
order=${1:-KCAT-$(date +%s)}
now=$(date -u +%Y-%m-%dT00:00:00Z) # the same all day, so that the same order again is the same
user=${KAFKA_USERNAME:-mp-$channel}
password=$(cat "${KAFKA_PASSWORD_FILE:-.pasindo/kafka/$user.password}")

kafka() {
  kcat -b "${KAFKA_BROKERS:-127.0.0.1:29092}" -X security.protocol=SASL_PLAINTEXT -X sasl.mechanisms=SCRAM-SHA-512 \
    -X "sasl.username=$user" -X "sasl.password=$password" "$@"
}

printf '{"channel":"%s","orderRef":"%s","placedAt":"%s","lines":[{"lineRef":"1","sku":"%s","quantity":2,"unitPrice":150000}],"fees":15000}' \
  "$channel" "$order" "$now" "${SKU:-MJK-TAS-KULIT}" |
  kafka -P -t "checkout.$channel.v1" -k "$channel/$order" -H content-type=application/json \
    -H ce_specversion=1.0 -H "ce_id=$order-checkout" -H "ce_source=/$channel" -H ce_type=marketplace.checkout-completed.v1

# The group of a marketplace is named as its user.
tries=0
until kafka -C -t "outcomes.$channel.v1" -o beginning -e -q | grep "\"orderId\":\"$channel/$order\""; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { echo "nothing became of $channel/$order" >&2; exit 1; }
  sleep 0.5
done
