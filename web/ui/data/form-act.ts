import { App, type FormInstance } from 'antd'
import { type Act, type ActOptions, useAct } from './act.tsx'
import { type Answer, CallError, type Given, type PostPath } from './api.ts'
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
export function useFormAct<P extends PostPath, I extends Given<P> = Given<P>>(
  path: P,
  form: FormInstance,
  fields: FieldsOf,
  { onStale, ...options }: FormActOptions<P, I> = {},
): FormAct<I, Answer<P>> {
  const { message } = App.useApp()
  const textOf = useErrorText()
  const act = useAct<P, I>(path, { ...options, isQuiet: true, rethrow: true })
  const run = async (input: I, refused?: () => void) => {
    try {
      return await act.run(input)
    } catch (error) {
      refused?.()
      const text = textOf(error)
      if (onStale && error instanceof CallError && error.status === 409) {
        await onStale()
        return undefined
      }
      const known =
        error instanceof CallError && wrongInput.has(error.retCode) && fieldOf(text, error.retCode, fields)
      if (known) {
        form.setFields([{ name: known.field, errors: [known.text] }])
        form.scrollToField(known.field, { block: 'center' })
      } else void message.error(text, 6)
      return undefined
    }
  }
  return { ...act, run }
}

/** `参数错误: publicUrl 末尾不要有 /` belongs to the field for publicUrl, whose label says already which it is. */
function fieldOf(
  text: string,
  code: string,
  { named, codes = {}, otherwise }: FieldsOf,
): { field: string; text: string } | undefined {
  const [, head = text, detail = ''] = /^(.+?): (.*)$/s.exec(text) ?? []
  for (const [name, field] of Object.entries(named))
    if (detail.startsWith(name))
      return { field, text: detail.slice(name.length).replace(/^(\[\d+\])?[\s:：]+/, '') || head }
  const byCode = codes[code]
  if (byCode !== undefined) return { field: byCode, text }
  return otherwise === undefined ? undefined : { field: otherwise, text: detail || head }
}
