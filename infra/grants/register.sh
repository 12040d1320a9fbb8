#!/usr/bin/env bash
# Many tenants: makes the app registration that customers consent to, or finds it, and lets the app's identity act as it.
#
#   bash register.sh [--name patchtrail] [--client-id <id>] [--redirect <https address>] [--principal <id>] [--role <further role>]
#
# --client-id  a registration that is there, if its name does not say which; else it is found by --name, or made
# --redirect   where Entra sends whoever consented: a page of yours that says "done" (only where it is made)
# --principal  the identity's principal (object) id; can be left out while there is no identity, and given later
#
# Needs az alone, signed in to the identity's tenant by one who may register apps. May be run again: what is there stays.
# register.ps1 does the same in PowerShell.
set -euo pipefail

RESOURCE=fc780465-2017-40d4-a0c5-307022471b92 # WindowsDefenderATP, in every tenant
ROLES='Machine.Read.All Software.Read.All'
# What Entra has just made, it may not find for some seconds.
PASSING='Too Many Requests|TooManyRequests|Service Unavailable|Bad Gateway|Gateway Time-?out|Internal Server Error'
NEW_APP="$PASSING|does not exist|Not Found|Request_ResourceNotFound"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
errors=$folder/errors

stop() {
  printf '%s\n' "$@" >&2
  exit 1
}

# ask <what passes by itself> <arguments of az ...>: leaves the answer in $answer, or stops with what az said.
ask() {
  local passing=$1 pause
  shift
  for pause in 5 10 15 30 30 last; do
    if answer=$(az "$@" --only-show-errors 2>"$errors"); then return 0; fi
    if [ "$pause" = last ] || ! grep -Eqi "$passing" "$errors"; then break; fi
    echo "Not yet; trying again in $pause s." >&2
    sleep "$pause"
  done
  if grep -Eqi 'Forbidden|Authorization_RequestDenied|Insufficient privileges' "$errors"; then
    stop 'You may not do this: it takes an Application Developer to register, and the owner or an Application Administrator to change. az said:' "$(cat "$errors")"
  fi
  stop "az $1 $2 said:" "$(cat "$errors")"
}

name=patchtrail client='' redirect='' principal=''
while [ $# -gt 0 ]; do
  [ $# -gt 1 ] || stop "Usage: bash register.sh [--name ...] [--client-id ...] [--redirect ...] [--principal ...] [--role ...]; $1 needs a value."
  case $1 in
    --name) name=$2 ;;
    --client-id) client=$2 ;;
    --redirect) redirect=$2 ;;
    --principal) principal=$2 ;;
    --role) ROLES="$ROLES $2" ;;
    *) stop "Unknown: $1. Usage: bash register.sh [--name ...] [--client-id ...] [--redirect ...] [--principal ...] [--role ...]" ;;
  esac
  shift 2
done
case $name in *[!A-Za-z0-9._\ -]*) stop "Take letters, digits, spaces, dots and hyphens for the name: $name" ;; esac
command -v az >/dev/null || stop 'The Azure CLI (az) is not there: https://learn.microsoft.com/cli/azure/install-azure-cli'

ask "$PASSING" account show --query tenantId --output tsv
tenant=$answer
ask "$PASSING" cloud show --query endpoints.activeDirectory --output tsv
authority=${answer%/}
case $authority in
  https://login.microsoftonline.com) audience=api://AzureADTokenExchange ;;
  https://login.microsoftonline.us) audience=api://AzureADTokenExchangeUSGov ;;
  *) stop "The app knows no Defender in the cloud of $authority." ;;
esac

# The registration.
if [ -z "$client" ]; then
  ask "$PASSING" ad app list --filter "displayName eq '$name'" --query '[].appId' --output tsv
  client=$answer
  [ "$(printf '%s' "$client" | grep -c '')" -le 1 ] || stop "More than one registration is called $name. Say which with --client-id:" "$client"
fi
if [ -z "$client" ]; then
  if [ -n "$redirect" ]; then set -- --web-redirect-uris "$redirect"; else set --; fi
  ask "$PASSING" ad app create --display-name "$name" --sign-in-audience AzureADMultipleOrgs --query appId --output tsv "$@"
  client=$answer
  echo "Made the registration $name."
fi
ask "$NEW_APP" ad app show --id "$client" --query signInAudience --output tsv
[ "$answer" = AzureADMultipleOrgs ] ||
  stop "The registration $client is for one tenant ($answer), and may serve something else. If it is the app's: az ad app update --id $client --sign-in-audience AzureADMultipleOrgs"

# What customers consent to.
ask "$PASSING" cloud show --query endpoints.microsoftGraphResourceId --output tsv
defender="${answer%/}/v1.0/servicePrincipals?\$filter=appId eq '$RESOURCE'"
ask "$PASSING" rest --method GET --url "$defender" --query 'value[0].id' --output tsv
if [ -z "$answer" ]; then
  echo 'WindowsDefenderATP is not in this tenant, where the names of its roles are looked up: Defender for Endpoint was never set up in it.'
  echo "No permission was required. Set it up and run this again, or add them by their ids: docs/tenants.md, step 1."
  ROLES=''
fi
for role in $ROLES; do
  printf '%s' "$role" | grep -Eq '^[A-Za-z.]+$' || stop "Not the name of a role: $role"
  ask "$PASSING" rest --method GET --url "$defender" --output tsv \
    --query "value[0].appRoles[?value=='$role' && contains(allowedMemberTypes, 'Application')].id | [0]"
  id=$answer
  [ -n "$id" ] || stop "WindowsDefenderATP has no application role $role in this tenant."
  ask "$NEW_APP" ad app show --id "$client" --output tsv \
    --query "length(requiredResourceAccess[?resourceAppId=='$RESOURCE'].resourceAccess[] | [?id=='$id'])"
  if [ "$answer" = 0 ]; then
    ask "$NEW_APP" ad app permission add --id "$client" --api "$RESOURCE" --api-permissions "$id=Role"
    echo "$role: required. Who has consented before has to consent again."
  else
    echo "$role: required already."
  fi
done

# Who may act as it.
if [ -n "$principal" ]; then
  printf '%s' "$principal" | grep -Eqi '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' || stop "Not a principal id: $principal"
  issuer=$authority/$tenant/v2.0
  ask "$NEW_APP" ad app federated-credential list --id "$client" --output tsv \
    --query "length([?issuer=='$issuer' && subject=='$principal' && contains(audiences, '$audience')])"
  if [ "$answer" = 0 ]; then
    printf '{ "name": "patchtrail-%s", "issuer": "%s", "subject": "%s", "audiences": ["%s"] }' "$principal" "$issuer" "$principal" "$audience" >"$folder/credential.json"
    ask "$NEW_APP" ad app federated-credential create --id "$client" --parameters "@$folder/credential.json"
    echo "Trusts the identity $principal. It can take minutes to work."
  else
    echo "Trusts the identity $principal already."
  fi
else
  echo 'Trusts no identity by this run: when there is one, run it again with --principal <its principal id>.'
fi

echo "DEFENDER_CLIENT_ID is $client (azd env set DEFENDER_CLIENT_ID $client)"
echo "Each customer's administrator consents at $authority/<tenant id of the customer>/adminconsent?client_id=$client"
