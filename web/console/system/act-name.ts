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

/** Returns the name of a field in before and after; one without a name keeps its code. */
export function useFieldName(): (field: string) => string {
  const t = useText('system')
  return field => {
    const key = `field:${field}`
    const words = t(key as keyof Areas['system'])
    return words === key ? field : words
  }
}
