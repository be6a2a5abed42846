import { useText } from '../../ui/text.ts'

/** What an agent may be for. */
export const agentUses = [
  { value: 'names', word: 'useNames', help: 'useNamesHelp' },
  { value: 'signin', word: 'useSignin', help: 'useSigninHelp' },
  { value: 'messages', word: 'useMessages', help: 'useMessagesHelp' },
] as const

/** Returns the name of a use of an agent. */
export function useUseWords(): (use: string) => string {
  const t = useText('corps')
  return use => {
    const known = agentUses.find(one => one.value === use)
    return known ? t(known.word) : use
  }
}
