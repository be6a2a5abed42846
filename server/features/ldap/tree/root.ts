import { oids } from '../protocol/requests.ts'
import type { Entry } from './entries.ts'

/** What anybody may read, before a bind: how to bind. `bases` are those of the client; nobody else is told who is served here. */
export function rootEntry(bases: readonly string[], hasTls: boolean): Entry {
  return fixed('', {
    objectClass: ['top'],
    namingContexts: bases,
    supportedLDAPVersion: ['3'],
    supportedControl: [oids.paging, oids.manageDsaIt],
    supportedExtension: [...(hasTls ? [oids.startTls] : []), oids.whoAmI],
    subschemaSubentry: ['cn=subschema'],
    vendorName: ['wisp'],
  })
}

const text = '1.3.6.1.4.1.1466.115.121.1.15'
const dn = '1.3.6.1.4.1.1466.115.121.1.12'
const number = '1.3.6.1.4.1.1466.115.121.1.27'
const firstComponent = 'objectIdentifierFirstComponentMatch'

/** Number, name, syntax, matching rule. */
const types = [
  ['2.5.4.0', 'objectClass', '1.3.6.1.4.1.1466.115.121.1.38', 'objectIdentifierMatch'],
  ['0.9.2342.19200300.100.1.1', 'uid', text, 'caseIgnoreMatch'],
  ['2.5.4.3', 'cn', text, 'caseIgnoreMatch'],
  ['2.5.4.4', 'sn', text, 'caseIgnoreMatch'],
  ['2.5.4.10', 'o', text, 'caseIgnoreMatch'],
  ['2.5.4.11', 'ou', text, 'caseIgnoreMatch'],
  ['2.5.4.12', 'title', text, 'caseIgnoreMatch'],
  ['2.5.4.13', 'description', text, 'caseIgnoreMatch'],
  ['2.16.840.1.113730.3.1.241', 'displayName', text, 'caseIgnoreMatch'],
  ['2.16.840.1.113730.3.1.3', 'employeeNumber', text, 'caseIgnoreMatch'],
  ['0.9.2342.19200300.100.1.3', 'mail', '1.3.6.1.4.1.1466.115.121.1.26', 'caseIgnoreIA5Match'],
  ['0.9.2342.19200300.100.1.41', 'mobile', '1.3.6.1.4.1.1466.115.121.1.50', 'telephoneNumberMatch'],
  ['2.5.4.31', 'member', dn, 'distinguishedNameMatch'],
  ['2.5.4.50', 'uniqueMember', dn, 'distinguishedNameMatch'],
  ['1.2.840.113556.1.2.102', 'memberOf', dn, 'distinguishedNameMatch'],
  ['1.3.6.1.1.1.1.12', 'memberUid', text, 'caseIgnoreMatch'],
  ['1.3.6.1.1.1.1.0', 'uidNumber', number, 'integerMatch'],
  ['1.3.6.1.1.1.1.1', 'gidNumber', number, 'integerMatch'],
  ['1.3.6.1.1.1.1.2', 'gecos', text, 'caseIgnoreMatch'],
  ['1.3.6.1.1.1.1.3', 'homeDirectory', text, 'caseExactMatch'],
  ['1.3.6.1.1.1.1.4', 'loginShell', text, 'caseExactMatch'],
  ['1.3.6.1.1.16.4', 'entryUUID', '1.3.6.1.1.16.1', 'UUIDMatch'],
  ['1.2.840.113556.1.4.221', 'sAMAccountName', text, 'caseIgnoreMatch'],
  ['1.2.840.113556.1.4.656', 'userPrincipalName', text, 'caseIgnoreMatch'],
  ['1.2.840.113556.1.4.8', 'userAccountControl', number, 'integerMatch'],
  // Nobody has these. Clients that read the schema refuse to ask for what is not in it, and ask for some themselves.
  ['2.5.4.42', 'givenName', text, 'caseIgnoreMatch'],
  ['2.5.18.1', 'createTimestamp', '1.3.6.1.4.1.1466.115.121.1.24', 'generalizedTimeMatch'],
  ['2.5.18.2', 'modifyTimestamp', '1.3.6.1.4.1.1466.115.121.1.24', 'generalizedTimeMatch'],
  ['2.5.18.10', 'subschemaSubentry', dn, 'distinguishedNameMatch'],
  ['2.5.21.1', 'dITStructureRules', '1.3.6.1.4.1.1466.115.121.1.17', 'integerFirstComponentMatch'],
  ['2.5.21.2', 'dITContentRules', '1.3.6.1.4.1.1466.115.121.1.16', firstComponent],
  ['2.5.21.4', 'matchingRules', '1.3.6.1.4.1.1466.115.121.1.30', firstComponent],
  ['2.5.21.5', 'attributeTypes', '1.3.6.1.4.1.1466.115.121.1.3', firstComponent],
  ['2.5.21.6', 'objectClasses', '1.3.6.1.4.1.1466.115.121.1.37', firstComponent],
  ['2.5.21.7', 'nameForms', '1.3.6.1.4.1.1466.115.121.1.35', firstComponent],
  ['2.5.21.8', 'matchingRuleUse', '1.3.6.1.4.1.1466.115.121.1.31', firstComponent],
  ['1.3.6.1.4.1.1466.101.120.16', 'ldapSyntaxes', '1.3.6.1.4.1.1466.115.121.1.54', firstComponent],
] as const

const classes = [
  "( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )",
  "( 2.5.6.6 NAME 'person' SUP top STRUCTURAL MUST ( sn $ cn ) )",
  "( 2.5.6.7 NAME 'organizationalPerson' SUP person STRUCTURAL MAY ( title $ ou ) )",
  "( 2.16.840.1.113730.3.2.2 NAME 'inetOrgPerson' SUP organizationalPerson STRUCTURAL MAY ( displayName $ employeeNumber $ mail $ mobile $ uid ) )",
  "( 2.5.6.9 NAME 'groupOfNames' SUP top STRUCTURAL MUST ( member $ cn ) MAY description )",
  "( 2.5.6.17 NAME 'groupOfUniqueNames' SUP top STRUCTURAL MUST ( uniqueMember $ cn ) MAY description )",
  "( 2.5.6.4 NAME 'organization' SUP top STRUCTURAL MUST o )",
  "( 2.5.6.5 NAME 'organizationalUnit' SUP top STRUCTURAL MUST ou )",
  "( 1.3.6.1.1.1.2.0 NAME 'posixAccount' SUP top AUXILIARY MUST ( cn $ uid $ uidNumber $ gidNumber $ homeDirectory ) MAY ( loginShell $ gecos ) )",
]

export const schemaEntry: Entry = fixed('cn=subschema', {
  objectClass: ['top', 'subentry', 'subschema'],
  cn: ['subschema'],
  attributeTypes: types.map(
    ([oid, name, syntax, rule]) => `( ${oid} NAME '${name}' EQUALITY ${rule} SYNTAX ${syntax} )`,
  ),
  objectClasses: classes,
})

function fixed(at: string, attributes: Readonly<Record<string, readonly string[]>>): Entry {
  const names = new Map(Object.keys(attributes).map(name => [name.toLowerCase(), name]))
  return { dn: at, names, values: key => attributes[names.get(key) ?? ''] ?? [] }
}
