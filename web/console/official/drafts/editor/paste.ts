import type { Slice } from '@tiptap/pm/model'
import type { EditorProps } from '@tiptap/pm/view'
import { inert } from './inert-html.ts'

/** What was copied here last. The clipboard's HTML tells only how it looks. */
let copied: { slice: Slice; html: string } | undefined

/**
 * What comes from elsewhere keeps what the editor has nodes for. What was copied in this editor comes back as it was written,
 * with all that is only kept.
 */
export const pasteProps: EditorProps = {
  transformPastedHTML: inert,
  handleDOMEvents: {
    copy: view => remember(view),
    cut: view => remember(view),
  },
  handlePaste(view, event) {
    const html = event.clipboardData?.getData('text/html') ?? ''
    if (!copied?.html || !html.includes(copied.html)) return false
    const { tr } = view.state
    view.dispatch(tr.replaceSelection(copied.slice).scrollIntoView().setMeta('paste', true))
    return true
  },
}

type View = Parameters<NonNullable<EditorProps['handlePaste']>>[0]

function remember(view: View): false {
  const slice = view.state.selection.content()
  copied = { slice, html: view.serializeForClipboard(slice).dom.innerHTML }
  return false
}
