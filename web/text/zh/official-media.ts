export const text = {
  remove: '移除',
  voice: '语音',
  imageHint: 'PNG、JPEG 或 GIF，最大 10 MB，建议不超过 2 MB；按内容识别，不接受 SVG。',
  articleImageHint: 'PNG 或 JPEG，小于 1 MB。',
  voiceHint: 'AMR 或 MP3，最大 2 MB，最长 60 秒。',
  video: '视频',
  videoHint: 'MP4，最大 10 MB。',
}
