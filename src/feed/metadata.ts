import { CONTAINER, type EntitySet, entitySets, NAMESPACE, type Property } from './model.ts'

/** Digits of a second; without it a DateTimeOffset has none. http://docs.oasis-open.org/odata/odata/v4.0/odata-v4.0-part3-csdl.html#_Attribute_Precision */
const PRECISION = 7

/** The metadata document. It has no annotations: some of its readers refuse elements that they do not know. */
export function metadataDocument(): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">',
    '  <edmx:DataServices>',
    `    <Schema Namespace="${NAMESPACE}" xmlns="http://docs.oasis-open.org/odata/ns/edm">`,
    ...entitySets.flatMap(entityType),
    `      <EntityContainer Name="${CONTAINER}">`,
    ...entitySets.map(({ name, typeName }) => `        <EntitySet Name="${name}" EntityType="${NAMESPACE}.${typeName}"/>`),
    '      </EntityContainer>',
    '    </Schema>',
    '  </edmx:DataServices>',
    '</edmx:Edmx>',
    '',
  ].join('\n')
}

function entityType({ typeName, key, properties }: EntitySet): string[] {
  return [
    `      <EntityType Name="${typeName}">`,
    '        <Key>',
    ...key.map((name) => `          <PropertyRef Name="${name}"/>`),
    '        </Key>',
    ...properties.map((property) => `        ${propertyElement(property)}`),
    '      </EntityType>',
  ]
}

function propertyElement({ name, type, nullable }: Property): string {
  const precision = type === 'Edm.DateTimeOffset' ? ` Precision="${PRECISION}"` : ''
  return `<Property Name="${name}" Type="${type}"${nullable ? '' : ' Nullable="false"'}${precision}/>`
}

/** The service document. https://docs.oasis-open.org/odata/odata-json-format/v4.0/odata-json-format-v4.0.html#_Service_Document */
export function serviceDocument(): object[] {
  return entitySets.map(({ name }) => ({ name, kind: 'EntitySet', url: name }))
}
