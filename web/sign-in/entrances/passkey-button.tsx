import { type ReactNode, useState } from 'react'
import { CallError } from '../../ui/data/api.ts'
import { useErrorText } from '../../ui/data/error-text.ts'
import { PasskeyDeclined } from '../../ui/data/passkeys.ts'
import { useText } from '../../ui/text.ts'
import { Icon } from '../../workbench/icons.tsx'
import { Notice } from '../notice.tsx'

/** `use` asks the server and then the browser. */
export function PasskeyButton(props: { isFirst: boolean; use(): Promise<void> }): ReactNode {
  const t = useText('sign-in')
  const textOf = useErrorText()
  const [failure, setFailure] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const press = async () => {
    setBusy(true)
    setFailure(undefined)
    try {
      await props.use()
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  const words = () => {
    if (failure instanceof PasskeyDeclined) return t('passkeyDeclined')
    return failure instanceof CallError ? textOf(failure) : t('passkeyFailed')
  }
  return (
    <>
      <div role="alert" className="sign-in-beside">
        {failure ? <Notice kind="bad" title={words()} /> : null}
      </div>
      <button
        type="button"
        className={`wb-button sign-in-go${props.isFirst ? ' wb-primary' : ''}`}
        disabled={isBusy}
        onClick={() => void press()}
      >
        <Icon name="key" />
        {t('withPasskey')}
      </button>
    </>
  )
}
