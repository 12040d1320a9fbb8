#!/usr/bin/env bash
# Lets the app's identity into Defender: gives it the application roles Machine.Read.All and Software.Read.All, by their names.
#
#   bash grant.sh <principal id of the identity> [further role, such as Vulnerability.Read.All ...]
#
# Needs az alone, signed in to the identity's tenant as an administrator who may grant roles (named below). Serves every cloud that az
# knows, and may be run again: what is granted already stays. grant.ps1 does the same in PowerShell.
set -euo pipefail

RESOURCE=fc780465-2017-40d4-a0c5-307022471b92 # WindowsDefenderATP, in every tenant
ROLES='Machine.Read.All Software.Read.All'
ADMINISTRATORS='Cloud Application Administrator, Application Administrator or Privileged Role Administrator'
BUSY='Too Many Requests|TooManyRequests|activityLimitReached|Service Unavailable|Bad Gateway|Gateway Time-?out|Internal Server Error'
# A new identity takes a minute or two until Graph knows it.
NEW_PRINCIPAL="$BUSY|Not Found|Request_ResourceNotFound|Bad Request"

errors=$(mktemp)
trap 'rm -f "$errors"' EXIT

stop() {
  printf '%s\n' "$@" >&2
  exit 1
}

# ask <what passes by itself> <arguments of az ...>: leaves the answer in $answer, after three minutes of attempts at most.
ask() {
  local passing=$1 pause
  shift
  for pause in 5 10 15 30 30 30 60 last; do
    if answer=$(az "$@" --only-show-errors 2>"$errors"); then return 0; fi
    if grep -q 'already exists on the object' "$errors"; then return 1; fi
    if [ "$pause" = last ] || ! grep -Eqi "$passing" "$errors"; then return 1; fi
    echo "Not yet; trying again in $pause s." >&2
    sleep "$pause"
  done
}

explain() {
  if grep -Eqi 'Forbidden|Authorization_RequestDenied|Insufficient privileges' "$errors"; then
    stop "You may not do this. A $ADMINISTRATORS of this tenant may. Nothing more was granted. az said:" "$(cat "$errors")"
  fi
  stop "$1 az said:" "$(cat "$errors")"
}

principal=${1:-}
[ $# -gt 0 ] && shift
printf '%s' "$principal" | grep -Eqi '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' ||
  stop 'Usage: bash grant.sh <principal id of the identity> [further role ...]'
command -v az >/dev/null || stop 'The Azure CLI (az) is not there: https://learn.microsoft.com/cli/azure/install-azure-cli'

ask "$BUSY" cloud show --query endpoints.microsoftGraphResourceId --output tsv || explain 'az names no address of Microsoft Graph.'
graph=${answer%/}
defender="$graph/v1.0/servicePrincipals?\$filter=appId eq '$RESOURCE'"
assignments="$graph/v1.0/servicePrincipals/$principal/appRoleAssignments"

ask "$BUSY" rest --method GET --url "$defender" --query 'value[0].id' --output tsv || explain 'Defender was not found. Signed in (az login)?'
resource=$answer
[ -n "$resource" ] || stop 'WindowsDefenderATP is not in this tenant: Defender for Endpoint was never set up in it, or az is signed in to another.'

for name in $ROLES "$@"; do
  printf '%s' "$name" | grep -Eq '^[A-Za-z.]+$' || stop "Not the name of a role: $name"
  ask "$BUSY" rest --method GET --url "$defender" --output tsv \
    --query "value[0].appRoles[?value=='$name' && contains(allowedMemberTypes, 'Application')].id | [0]" || explain "The role $name was not found."
  role=$answer
  [ -n "$role" ] || stop "WindowsDefenderATP has no application role $name in this tenant."

  ask "$NEW_PRINCIPAL" rest --method GET --url "$assignments" --output tsv \
    --query "length(value[?appRoleId=='$role' && resourceId=='$resource'])" || explain "Entra does not know the principal $principal: is it the identity's object id, and not its client id?"
  case $answer in
    0) ;;
    [1-9])
      echo "$name: granted already."
      continue
      ;;
    *) stop "What the identity has could not be read, so $name was not granted. az said: $answer" ;;
  esac

  if ask "$NEW_PRINCIPAL" rest --method POST --url "$assignments" --headers Content-Type=application/json \
    --body "{\"principalId\": \"$principal\", \"resourceId\": \"$resource\", \"appRoleId\": \"$role\"}"; then
    echo "$name: granted."
  elif grep -q 'already exists on the object' "$errors"; then
    echo "$name: granted already."
  else
    explain "$name was not granted."
  fi
done
echo 'If the app has run before, restart it (az functionapp restart): tokens are cached, so Defender may answer 403 for up to a day.'
