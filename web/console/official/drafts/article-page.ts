import { styleNonce } from '../../../ui/look/style-nonce.ts'
import { parse, styleName } from './editor/inert-html.ts'

/** A page with the article as WeChat will show it, for a frame in which nothing runs. */
export function pageOf({
  title,
  author,
  content,
}: {
  title: string
  author: string
  content: string
}): string {
  const body = parse(content)
  for (const one of body.querySelectorAll('script')) one.remove()
  for (const one of body.querySelectorAll<HTMLImageElement>('img[data-src]:not([src])'))
    one.src = one.dataset['src'] ?? ''
  const rules = ['img { max-width: 100% }', 'body { font: 16px/1.6 sans-serif; overflow-wrap: anywhere }']
  for (const [n, one] of [...body.querySelectorAll<HTMLElement>(`[${styleName}]`)].entries()) {
    rules.push(`[data-n="${n}"] { ${one.getAttribute(styleName) ?? ''} }`)
    one.dataset['n'] = String(n)
  }
  const head = document.createElement('header')
  const name = document.createElement('h1')
  name.textContent = title
  const by = document.createElement('p')
  by.textContent = author
  head.append(name, by)
  const style = document.createElement('style')
  style.textContent = rules.join('\n')
  return `${style.outerHTML.replace('<style', `<style nonce="${styleNonce()}"`)}${head.outerHTML}${body.innerHTML}`
}
