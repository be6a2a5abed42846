import type { Areas } from '../../../text/areas.ts'
import { useText } from '../../../ui/text.ts'

/** Returns the name of a way to an account; one without a name keeps WeChat's word. */
export function useSceneName(): (scene: string) => string {
  const t = useText('official-followers')
  return scene => {
    if (scene === '') return '—'
    const words = t(`scene:${scene}` as keyof Areas['official-followers'])
    return words.startsWith('scene:') ? scene : words
  }
}
