import { type Static, Type } from 'typebox'
import type { Language } from '../../platform/words.ts'
import type { PersonKey } from '../message-choices/choices-store.ts'
import { choicesOfPerson, type PersonNeeds } from '../message-choices/person-choices.ts'

/** A member's message settings as far as they explain why a message did not arrive. */
export const choicesOfPersonSchema = Type.Object({
  isAllOff: Type.Boolean(),
  hasQuietHours: Type.Boolean(),
  types: Type.Array(
    Type.Object({
      key: Type.String(),
      name: Type.String(),
      sender: Type.String(),
      isOn: Type.Boolean(),
      /** The channels that the member keeps, in order. */
      ways: Type.Array(Type.String()),
    }),
  ),
})

export async function choicesForHelper(
  ctx: PersonNeeds,
  person: PersonKey,
  language: Language,
): Promise<Static<typeof choicesOfPersonSchema>> {
  const { isAllOff, quietHours, types } = await choicesOfPerson(ctx, person, language)
  return {
    isAllOff,
    hasQuietHours: quietHours !== null,
    types: types.map(({ key, name, sender, isOn, ways }) => ({
      key,
      name,
      sender,
      isOn,
      ways: ways.flatMap(one => (one.isOn ? one.name : [])),
    })),
  }
}
