import type { Visitor } from '../../../platform/http/visitor.ts'

/** Whose second factor it is: a local account, or a member with the name that the audit log knows. */
export type FactorOwner =
  | { adminName: string }
  | { corpId: string; memberId: number; userId: string; name: string }

/** Who is signed in, and where they call from. */
export type SignedInOwner = {
  owner: FactorOwner
  sessionId: string
  address: string
  proof: Visitor['proof']
}

export function ownerOf(visitor: Visitor): FactorOwner {
  if (!visitor.member) return { adminName: visitor.adminName }
  const { id: memberId, userId, name } = visitor.member
  return { corpId: visitor.corpId, memberId, userId, name }
}

export function signedOf(visitor: Visitor, { ip: address }: { ip: string }): SignedInOwner {
  const { sessionId, proof } = visitor
  return { owner: ownerOf(visitor), sessionId, address, proof }
}

/** The name in the audit log, as actor and as target. */
export function nameOf(owner: FactorOwner): string {
  return 'adminName' in owner ? owner.adminName : owner.userId
}

/** '' for local accounts, which belong to no corp. */
export function corpOf(owner: FactorOwner): string {
  return 'adminName' in owner ? '' : owner.corpId
}

/** Under which attempts are counted. */
export function countedAs(owner: FactorOwner): { corpId: string; of: string } {
  return 'adminName' in owner
    ? { corpId: '', of: owner.adminName }
    : { corpId: owner.corpId, of: String(owner.memberId) }
}
