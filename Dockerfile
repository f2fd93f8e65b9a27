# The app with all that ships, on the processor alone, as a user who is not root:
#
#     docker build -t autoencoder-explorer .
#     docker run --rm -p 8501:8501 autoencoder-explorer
#
# Nothing is kept when it ends; for own checkpoints and downloads add -v explorer:/home/explorer
FROM python:3.11-slim

RUN useradd --create-home --uid 1000 explorer
WORKDIR /srv/explorer

# Packages first: they change less often than the program. The image runs on the processor either way; with PyTorch's own
# index of CPU wheels as PIP_EXTRA_INDEX_URL it is smaller by the 2 GB of CUDA that the default wheel of Linux brings:
#     docker build --build-arg PIP_EXTRA_INDEX_URL=... -t autoencoder-explorer .
ARG PIP_EXTRA_INDEX_URL=
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt

COPY . ./
RUN pip install --no-cache-dir --no-deps .

USER explorer
WORKDIR /home/explorer
# With an address to print, the server asks nobody outside for its own.
ENV STREAMLIT_SERVER_ADDRESS=0.0.0.0 STREAMLIT_SERVER_PORT=8501 STREAMLIT_SERVER_HEADLESS=true \
    STREAMLIT_BROWSER_SERVER_ADDRESS=localhost
EXPOSE 8501
HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://localhost:8501/_stcore/health')"]
CMD ["explorer", "app"]
