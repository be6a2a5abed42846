/**
 * Parts of articles as WeChat's own editor and those of others write them: each is a block of an article, to the byte. Between them
 * stand line ends and comments, in them quotes, cases and entities of every kind.
 */
export const wechatBlocks = {
  plain:
    '<p style="text-align: center;margin-bottom: 16px;" data-pm-slice="0 0 []"><span leaf="">第一段，</span><span leaf=""><span textstyle="" style="color: rgb(180, 0, 0);font-weight: bold;">红字</span></span><span leaf="">&nbsp;与 A &amp; B</span></p>',
  blank: '<section><span leaf=""><br></span></section>',
  picture:
    '<section style="text-align: center;" nodeleaf=""><img class="rich_pages wxw-img" data-src="https://mmbiz.qpic.cn/mmbiz_png/abc/640?wx_fmt=png&amp;from=appmsg" data-ratio="0.5625" data-s="300,640" data-type="png" data-w="1080" type="block" src="https://mmbiz.qpic.cn/mmbiz_png/abc/640?wx_fmt=png&amp;from=appmsg"></section>',
  captioned:
    '<p>图前<img class="rich_pages" data-ratio="1" src="https://mmbiz.qpic.cn/mmbiz_png/def/0"/>图后 <mp-common-product data-id="1"></mp-common-product><u>完</u></p>',
  nested:
    '<section data-role="outer" label="edit by 135editor" style=\'font-size:16px;\'>\n  <section class="_135editor" data-tools="135编辑器" data-id="33">\n    <section style="border-left:4px solid #0052d9;padding-left:8px;"><p style="line-height: 1.75em;">框里的<strong>一句</strong><em><strong>话</strong></em>。</p><p>框里的第二句。</p></section>\n  </section><!-- 排版 -->\n</section>',
  video:
    '<section style="margin-left: 8px;" nodeleaf=""><iframe class="video_iframe rich_pages" data-vidtype="2" data-mpvid="wxv_1" data-ratio="1.77" data-w="1920" allowfullscreen frameborder="0" data-src="https://mp.weixin.qq.com/mp/readtemplate?t=pages/video_player_tmpl&amp;action=mpvideo&amp;auto=0&amp;vid=wxv_1"></iframe></section>',
  profile:
    '<section class="mp_profile_iframe_wrp" nodeleaf=""><mp-common-profile class="js_uneditable custom_select_card mp_profile_iframe" data-pluginname="mpprofile" data-id="MzAwMDAwMDAwMA==" data-nickname="示例" data-from="0"></mp-common-profile></section>',
  voice:
    '<p><mpvoice class="rich_pages" name="语音" voice_encode_fileid="MzA" play_length="7"></mpvoice></p>',
  miniProgram:
    '<p>点<a class="weapp_text_link" data-miniprogram-appid="wx0000000000000000" data-miniprogram-path="pages/index" href="">小程序</a>看<br/>更多</p>',
  list: '<ul class="list-paddingleft-1" style="list-style-type: square;">\n<li><p>一</p></li><LI>二<ol><li>二点一</li></ol></LI>\n</ul>',
  table:
    '<table width="100%"><colgroup><col width="50%"></colgroup><tbody><tr><td>左</td><td>右</td></tr></tbody></table>',
  plainTable:
    '<table class="t"><tbody><tr style="height:20px"><td width="10">甲</td><th colspan=2><p>乙</p></th></tr>\n</tbody></table>',
  drawing:
    '<section style="line-height:0;"><svg viewBox="0 0 10 10" style="width:20px;"><linearGradient id="g"/><path d="M0 0h10" fill="#eee"/></svg></section>',
  code: '<section class="code-snippet__fix"><pre class="code-snippet__js"><code><span>if (a &lt; b)\n  return</span></code></pre></section>',
  bare: '裸露的文字<strong>加粗</strong>',
  quote: '<blockquote class="js_blockquote_wrap"><section>引用的话</section></blockquote>',
  rule: '<hr style="border-style: solid;"/>',
  misread: '<p>外层<section>段落里放不下的</section></p>',
  hidden: '<p style="display: none;"><mp-style-type data-value="3"></mp-style-type></p>',
} as const

export const between = '\n<!-- 间隔 -->\n'

export const wechatArticle = (blocks: readonly string[] = Object.values(wechatBlocks)): string =>
  `\n${blocks.join(between)}\n`
