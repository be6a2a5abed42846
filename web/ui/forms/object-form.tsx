/**
 * A form of something stored is `useObjectForm`. When another version arrives, it keeps what was typed, brings the other fields
 * up to date and says so; its next save names the new version. A call after the end of the session waits for a sign-in beside
 * the page (session-ended.tsx) and is made again.
 */

import { Form, type FormInstance } from 'antd'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { DrawerForm } from '../address/drawer-form.tsx'
import type { Answer, CallInput, PostPath } from '../data/api.ts'
import { type FieldsOf, type FormActOptions, useFormAct } from '../data/form-act.ts'
import { useUnsaved } from '../data/unsaved.ts'
import { useText } from '../text.ts'
import { isChanged, mergeForm } from './merge-form.ts'
import { FormNews, type News } from './news.tsx'

/** A field as people know it; `tell` puts its value into words where the value itself does not say it. */
export type FieldLabel<T> = string | { label: string; tell(value: T): string }

type Options<V, P extends PostPath, N> = {
  /** What is stored, as the form holds it; keys that are never shown are in it as undefined. */
  shown: V
  /** Changes whenever `shown` does; the call compares it with what is stored. */
  version: N
  labels: { [K in keyof V & string]?: FieldLabel<V[K]> }
  fields: FieldsOf
  /** Reads `shown` again; absent for what is not stored yet. */
  reread?: (() => Promise<unknown>) | undefined
} & Omit<FormActOptions<P, CallInput<P>>, 'onStale'>

export type ObjectFormState<V, P extends PostPath, N = string> = {
  form: FormInstance<V>
  shown: V
  /** What the call is told that the form was filled from. */
  version: N
  run(input: CallInput<P>): Promise<Answer<P> | undefined>
  isRunning: boolean
  news: News | undefined
  touch(): void
  reset(): void
}

/**
 * The form of something that is stored. When somebody else changes it meanwhile, in another tab too, what was typed here stays,
 * the other fields are brought up to date, and the form says what has changed. A save that came too late does the same.
 */
export function useObjectForm<V extends object, P extends PostPath, N extends string | number = string>(
  path: P,
  options: Options<V, P, N>,
): ObjectFormState<V, P, N> {
  const { shown, version, labels, fields, reread, ...how } = options
  const [form] = Form.useForm<V>()
  const unsaved = useUnsaved()
  const [base, setBase] = useState({ shown, version })
  const [news, setNews] = useState<News>()
  const awaitsOwn = useRef(false)
  const tell = useTell(labels)
  const act = useFormAct<P>(path, form, fields, { ...how, ...(reread ? { onStale: reread } : {}) })

  const fill = (values: Partial<V>) =>
    form.setFields(
      Object.entries(values).map(([name, value]) => ({
        name: name as never,
        value: value as never,
        errors: [],
      })),
    )
  const reset = () => {
    fill(shown)
    setBase({ shown, version })
    setNews(undefined)
    awaitsOwn.current = false
    unsaved.clear()
  }
  useEffect(() => {
    if (version === base.version) return
    const mine = form.getFieldsValue(true) as Partial<V>
    // What one has saved oneself is no news.
    if (awaitsOwn.current || !isChanged(base.shown, mine)) return reset()
    const { taken, clashing } = mergeForm(base.shown, shown, mine)
    fill(taken)
    setBase({ shown, version })
    setNews(tell(taken, clashing, shown))
  })
  const run = async (input: CallInput<P>) => {
    awaitsOwn.current = true
    const output = await act.run(input, () => {
      awaitsOwn.current = false
    })
    if (output) unsaved.clear()
    else awaitsOwn.current = false
    return output
  }
  const touch = () => {
    awaitsOwn.current = false
    unsaved.touch()
  }
  const { isRunning } = act
  return { form, shown: base.shown, version: base.version, run, isRunning, news, touch, reset }
}

function useTell<V extends object>(labels: { [K in keyof V & string]?: FieldLabel<V[K]> }) {
  const t = useText('objects')
  type Name = keyof V & string
  const known = (name: Name): FieldLabel<V[Name]> => labels[name] ?? ''
  const labelOf = (name: Name): string => {
    const label = known(name)
    return typeof label === 'string' ? label : label.label
  }
  const words = (value: unknown): string => {
    if (typeof value === 'boolean') return t(value ? 'on' : 'off')
    if (Array.isArray(value)) return value.map(String).join('、') || t('nothing')
    return value === undefined || value === null || value === '' ? t('nothing') : String(value)
  }
  return (taken: Partial<V>, clashing: readonly (keyof V & string)[], theirs: V): News => ({
    taken: (Object.keys(taken) as (keyof V & string)[]).map(labelOf).filter(label => label !== ''),
    clashing: clashing
      .filter(name => labelOf(name) !== '')
      .map(name => {
        const label = known(name)
        const told = typeof label === 'string' ? words(theirs[name]) : label.tell(theirs[name])
        return { label: labelOf(name), theirs: told }
      }),
  })
}

/** Its fields are `children`; 取消 fills it with what is stored. */
export function ObjectForm<V extends object, P extends PostPath, N>(props: {
  object: ObjectFormState<V, P, N>
  save(values: V): void
  /** Distinguishes its fields from those of another form of the page. */
  name?: string
  more?: ReactNode
  children: ReactNode
}): ReactNode {
  const common = useText('common')
  const { object } = props
  return (
    <DrawerForm<V>
      form={object.form}
      {...(props.name ? { name: props.name } : {})}
      submit={common('save')}
      isRunning={object.isRunning}
      more={props.more}
      onCancel={object.reset}
      initialValues={object.shown}
      scrollToFirstError
      onValuesChange={object.touch}
      onFinish={values => props.save(values)}
    >
      {object.news ? <FormNews news={object.news} discard={object.reset} /> : null}
      {props.children}
    </DrawerForm>
  )
}
