import { type ComponentProps, type ReactNode, useId, useState } from 'react'
import { useText } from '../ui/text.ts'
import { Icon } from '../workbench/icons.tsx'

type FieldProps = Omit<ComponentProps<'input'>, 'id' | 'type'> & {
  label: string
  hint?: string
  /** The error, which replaces the hint. */
  error?: string | undefined
  /** Stands in the place of the hint. */
  meter?: ReactNode
}

export function Field(props: FieldProps): ReactNode {
  return <Labelled {...props} type="text" />
}

/** A password field with a button to show what was typed. */
export function PasswordField(props: FieldProps): ReactNode {
  const t = useText('sign-in')
  const [isShown, setShown] = useState(false)
  return (
    <Labelled {...props} type={isShown ? 'text' : 'password'}>
      <button
        type="button"
        className="wb-plain"
        aria-label={t(isShown ? 'hidePassword' : 'showPassword')}
        onClick={() => setShown(!isShown)}
      >
        <Icon name={isShown ? 'eyeOff' : 'eye'} />
      </button>
    </Labelled>
  )
}

function Labelled(props: FieldProps & { type: string; children?: ReactNode }): ReactNode {
  const { label, hint, error, meter, children, ...input } = props
  const id = useId()
  const said = error ?? hint
  return (
    <div className="sign-in-field">
      <label htmlFor={id}>{label}</label>
      <div className="sign-in-input">
        <input
          {...input}
          id={id}
          aria-invalid={error !== undefined}
          aria-describedby={said ? `${id}-said` : undefined}
        />
        {children}
      </div>
      {meter}
      {said ? (
        <p id={`${id}-said`} className={error ? 'sign-in-wrong' : 'wb-quiet'}>
          {said}
        </p>
      ) : null}
    </div>
  )
}
