// Worker: shared by all tabs of this browser, it keeps their one connection and tells each what it hears.
import { follow, leave } from './stream.js'

self.addEventListener('connect', ({ ports: [port] }) => {
  port.onmessage = ({ data }) => (data ? follow(port, data) : leave(port))
})
