import { connect } from "node:net";
import type { Endpoint } from "../../calls";

/** Whether something accepts a TCP connection there. A filter that drops packets is given up on after a while. */
export function accepts({ address, port }: Endpoint, milliseconds = 5000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: milliseconds });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}
