"""What Autoencoder Explorer exports, without it: pages in a browser, ONNX files by onnxruntime. It needs no PyTorch."""
