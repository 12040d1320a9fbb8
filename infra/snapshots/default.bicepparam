using '../main.bicep'

// Of the release that is named here and not of this one, so that a new version does not change what is compared.
param packageUri = 'https://example.com/v0.0.0/patchtrail.zip'
