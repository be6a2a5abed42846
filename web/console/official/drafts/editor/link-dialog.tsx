import type { Editor } from '@tiptap/core'
import { App, Input } from 'antd'
import { useText } from '../../../../ui/text.ts'
import { linkPattern } from './article-marks.ts'
import { setLink } from './change-blocks.ts'

/** Asks for the address of a link; that of the link with the cursor in it may be left empty. */
export function useAskLink(editor: Editor): () => void {
  const t = useText('official-drafts')
  const { modal, message } = App.useApp()
  return () => {
    const isLink = editor.isActive('link')
    let url = isLink ? String(editor.getAttributes('link')['href'] ?? '') : 'https://'
    let isGiven = false
    modal.confirm({
      title: t('rich:linkAsk'),
      content: (
        <Input
          aria-label={t('rich:linkAsk')}
          defaultValue={url}
          placeholder={isLink ? t('rich:linkNone') : ''}
          onChange={event => (url = event.target.value.trim())}
        />
      ),
      onOk: (close: () => void) => {
        if (!linkPattern.test(url) && !(isLink && url === '')) return void message.error(t('rich:linkBad'))
        isGiven = true
        close()
      },
      // While it is open the dialog keeps the focus to itself.
      afterClose: () => {
        if (isGiven) setLink(editor, url)
      },
    })
  }
}
