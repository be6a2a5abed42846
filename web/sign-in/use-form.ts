import { type FormEvent, useState } from 'react'

type Errors<N extends string> = Partial<Record<N, string>>
type Values<N extends string> = Record<N, string>

/**
 * A form with fields of these names. `check` returns what is wrong with each; then the first wrong field gets
 * the focus and nothing is sent. When `send` throws, `failure` is what it threw.
 */
export function useForm<const N extends string>(
  names: readonly N[],
  check: (values: Values<N>) => Errors<N>,
  send: (values: Values<N>) => Promise<void>,
): {
  errors: Errors<N>
  failure: unknown
  isBusy: boolean
  onSubmit(event: FormEvent<HTMLFormElement>): void
} {
  const [errors, setErrors] = useState<Errors<N>>({})
  const [failure, setFailure] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)

  async function submit(form: HTMLFormElement): Promise<void> {
    const given = new FormData(form)
    const values = Object.fromEntries(names.map(name => [name, String(given.get(name) ?? '')])) as Values<N>
    const wrong = check(values)
    setErrors(wrong)
    const first = names.find(name => wrong[name] !== undefined)
    if (first !== undefined) {
      const field = form.elements.namedItem(first)
      if (field instanceof HTMLElement) field.focus()
      return
    }
    setBusy(true)
    try {
      await send(values)
      setFailure(undefined)
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }

  return {
    errors,
    failure,
    isBusy,
    onSubmit(event) {
      event.preventDefault()
      if (!isBusy) void submit(event.currentTarget)
    },
  }
}
