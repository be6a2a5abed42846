import type { Areas } from '../../text/areas.ts'
import { useText } from '../../ui/text.ts'

/** Returns the name of an act; one without a name keeps its code. */
export function useActName(): (act: string) => string {
  const t = useText('system')
  return act => {
    const key = `act:${act}`
    const words = t(key as keyof Areas['system'])
    return words === key ? act : words
  }
}

/** Returns the name of a value of a field, such as a level's; undefined for one without a name. */
export function useValueName(): (field: string, value: unknown) => string | undefined {
  const t = useText('system')
  return (field, value) => {
    const key = `value:${field}:${String(value)}`
    const words = t(key as keyof Areas['system'])
    return words === key ? undefined : words
  }
}

/** Returns the name of a field in before and after; one without a name keeps its code. */
export function useFieldName(): (field: string) => string {
  const t = useText('system')
  return field => {
    const key = `field:${field}`
    const words = t(key as keyof Areas['system'])
    return words === key ? field : words
  }
}
