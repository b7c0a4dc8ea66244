# Tells Portavoz about a comment. Needs curl and openssl; the secret is in PORTAVOZ_SECRET_SHOP.
body='{"type": "item.created", "data": {
  "id": "c1", "text": "¿Abrís el domingo?", "created_at": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'",
  "author": {"id": "u7", "name": "Vera"}, "url": "https://shop.example/c/1"}}'

id="msg_$(openssl rand -hex 12)"
now="$(date +%s)"
key="$(printf %s "${PORTAVOZ_SECRET_SHOP#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')"
signature="$(printf %s "$id.$now.$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)"

curl --silent --show-error http://127.0.0.1:8600/hooks/shop \
  -H 'Content-Type: application/json' \
  -H "webhook-id: $id" -H "webhook-timestamp: $now" -H "webhook-signature: v1,$signature" \
  --data-binary "$body"
