import { App, Button } from 'antd'
import { type ReactNode, useEffect, useRef } from 'react'
import { api } from '../../ui/data/api.ts'
import { useLanguage } from '../../ui/language.ts'
import { useText } from '../../ui/text.ts'

/**
 * Opens the docs in a window of their own. When that window says that it is there, also after a reload, it is given a devToken:
 * by message, so that neither an address nor a store holds it.
 */
export function OpenDocs(props: { devId: string }): ReactNode {
  const t = useText('developers')
  const { message } = App.useApp()
  const language = useLanguage()
  const opened = useRef<Window | null>(null)
  const { devId } = props

  useEffect(() => {
    const hand = async (event: MessageEvent) => {
      const isOurs = event.origin === location.origin && event.source === opened.current
      if (!isOurs || event.data?.type !== 'wisp.docs.ready') return
      try {
        const lent = await api.post('/web/developers/lend-token', { devId })
        opened.current?.postMessage({ type: 'wisp.docs.token', ...lent }, location.origin)
      } catch (error) {
        void message.error((error as Error).message)
      }
    }
    const listener = (event: MessageEvent) => void hand(event)
    addEventListener('message', listener)
    return () => removeEventListener('message', listener)
  }, [devId, message])

  return (
    <Button
      onClick={() => {
        opened.current = open(`/docs${language === 'en' ? '/en' : ''}/reference/developer-self`)
      }}
    >
      {t('openDocs')}
    </Button>
  )
}
