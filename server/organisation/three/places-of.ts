import type { ThreeRole } from '../../platform/http/admin/three-role.ts'
import type { Person } from '../../platform/http/visitor.ts'
import type { Three } from './three.ts'

/** Where somebody is one of the three administrators. `corpId` is undefined for the installation. */
export type ThreePlace = { corpId: string | undefined; role: ThreeRole }

/** The local account is the system administrator wherever the three are separated. */
export function placesOf(three: Three, person: Person, corpIds: readonly string[]): ThreePlace[] {
  const places: ThreePlace[] = []
  const add = (corpId: string | undefined, role: ThreeRole | undefined) => {
    if (role) places.push({ corpId, role })
  }
  if (person.member) {
    add(undefined, three.ofInstallation(person.member.id))
    add(person.corpId, three.ofMember(person.corpId, person.member.id)?.as)
    return places
  }
  if (three.isOn(undefined)) add(undefined, 'system')
  for (const corpId of corpIds) if (three.isOn(corpId)) add(corpId, 'system')
  return places
}

/** Whether somebody is one of the three who may come into a corp, or with undefined the installation, while a restored backup waits. */
export function isOneOfThree(three: Three, person: Person, corpId: string | undefined): boolean {
  const corpIds = corpId === undefined ? [] : [corpId]
  return placesOf(three, person, corpIds).some(one => one.corpId === undefined || one.corpId === corpId)
}
