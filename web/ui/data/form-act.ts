import { App, type FormInstance } from 'antd'
import { useText } from '../text.ts'
import { type Act, type ActOptions, useAct } from './act.tsx'
import { type Answer, CallError, type CallInput, type PostPath } from './api.ts'
import { useErrorText } from './error-text.ts'

/**
 * How the server begins what it says about an input, and the form's field for it. `codes`: for refusals that name no input;
 * `otherwise`: where all others are shown.
 */
export type FieldsOf = {
  named: Readonly<Record<string, string>>
  codes?: Readonly<Record<string, string>>
  otherwise?: string
}

export type FormActOptions<P extends PostPath, I> = ActOptions<P, I> & {
  /** Called instead of showing the refusal when somebody else has changed what the form was filled from. */
  onStale?: () => Promise<unknown>
}

type FormAct<I, O> = Omit<Act<I, O>, 'run'> & {
  /** `refused` is called as soon as the server has refused. */
  run(input: I, refused?: () => void): Promise<O | undefined>
}

/** The codes with which a call says that an input is wrong. */
const wrongInput = new Set(['1000', '1001', '1005', '1007'])

/** A POST of a form, which shows what the server says about a field at the field, and everything else as `useAct` does. */
export function useFormAct<P extends PostPath, I extends CallInput<P> = CallInput<P>>(
  path: P,
  form: FormInstance,
  fields: FieldsOf,
  { onStale, ...options }: FormActOptions<P, I> = {},
): FormAct<I, Answer<P>> {
  const { message } = App.useApp()
  const t = useText('common')
  const textOf = useErrorText()
  const act = useAct<P, I>(path, { ...options, isQuiet: true, rethrow: true })
  const run = async (input: I, refused?: () => void) => {
    try {
      return await act.run(input)
    } catch (error) {
      refused?.()
      if (onStale && error instanceof CallError && error.status === 409) {
        await onStale()
        return undefined
      }
      const known =
        error instanceof CallError &&
        (wrongInput.has(error.retCode) || fields.codes?.[error.retCode] !== undefined) &&
        fieldOf(error.message, error.retCode, fields, t('fillIn'))
      if (known) {
        form.setFields([{ name: known.field, errors: [known.text] }])
        form.scrollToField(known.field, { block: 'center' })
      } else void message.error(textOf(error), 6)
      return undefined
    }
  }
  return { ...act, run }
}

/**
 * `publicUrl 末尾不要有 /` belongs to the field for publicUrl, whose label says already which it is. `publicUrl` alone
 * says that it is missing.
 */
function fieldOf(
  said: string,
  code: string,
  { named, codes = {}, otherwise }: FieldsOf,
  fillIn: string,
): { field: string; text: string } | undefined {
  for (const [name, field] of Object.entries(named))
    if (said.startsWith(name))
      return { field, text: said.slice(name.length).replace(/^(\[\d+\])?[\s:：]+/, '') || fillIn }
  const byCode = codes[code]
  if (byCode !== undefined) return { field: byCode, text: said }
  return otherwise === undefined ? undefined : { field: otherwise, text: said }
}
